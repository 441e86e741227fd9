# A counsellor who declines is not asked again for five minutes; the caller keeps the place.
centre cardiff
queue line
counsellor ada at cardiff
counsellor ben at cardiff

00:00  ada ready
00:10  caller 1 arrives for line                 -> 1 to ada after 0 s
00:12  ada declines 1                            -> 1 declined by ada
00:13  why is 1 not with ada                     -> DECLINED
00:20  caller 2 arrives for line                 -> 2 to ada after 0 s
00:21  ada accepts 2                             -> 2 connected to ada
00:40  ben ready                                 -> 1 to ben after 30 s
00:45  ben declines 1                            -> 1 declined by ben
01:00  caller 2 ends                             -> 2 ends: served
05:11  why is 1 not with ada                     -> DECLINED
05:12  time passes                               -> 1 to ada after 302 s

# Caller 1 waits for Ada, whom they know, for a minute at most; meanwhile Ben takes others.
centre cardiff
queue line
counsellor ada at cardiff
counsellor ben at cardiff

00:00  ben ready
00:10  caller 1 arrives for line waits-for ada 60 s   -> waits
00:20  why is 1 not with ben                     -> STICKY
00:30  caller 2 arrives for line                 -> 2 to ben
00:31  ben accepts 2                             -> 2 connected
00:50  caller 2 ends                             -> 2 ends: served
01:10  time passes                               -> 1 to ben after 60 s
01:11  ben accepts 1                             -> 1 connected
02:00  caller 3 arrives for line waits-for ada 60 s   -> waits
02:30  ada ready                                 -> 3 to ada after 30 s

# Ada's connection breaks. Her offer goes back at once; her talk goes on for a minute's grace, and when
# she does not return, the caller is held, not hung up on.
centre cardiff grace 60 s
queue line grace 120 s
counsellor ada at cardiff
counsellor ben at cardiff

00:00  ada ready
00:05  caller 1 arrives for line                 -> 1 to ada
00:06  ada accepts 1                             -> 1 connected
00:30  ada is-lost                               -> ada silent
00:50  ada ready                                 -> ada on duty
01:00  ada is-lost                               -> ada silent
01:30  ben ready
02:00  time passes                               -> 1 parked until 04:00; ada out
02:20  caller 1 resumes                          -> 1 is back; 1 to ben after 135 s
02:21  ben accepts 1                             -> 1 connected to ben

# Somebody in danger is never rung through to a telephone that has just rung out.
centre cardiff
queue line offer 20 s
counsellor ada at cardiff
counsellor ben at cardiff

00:00  ada ready
00:05  caller 1 arrives for line priority 0      -> 1 to ada
00:25  time passes                               -> 1 missed by ada
00:30  why is 1 not with ada                     -> NOT_READY
00:40  ben ready                                 -> 1 to ben after 35 s

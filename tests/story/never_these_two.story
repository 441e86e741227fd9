# Caller 1 must not be put through to Ben, whatever happens.
centre cardiff
queue line
counsellor ada at cardiff
counsellor ben at cardiff

00:00  caller 1 arrives for line                 -> waits
00:01  ben never-takes 1                         -> nothing
00:02  ben ready                                 -> ben on duty
00:03  why is 1 not with ben                     -> EXCLUDED
00:04  supervisor gives 1 to ben                 -> error BLOCKED
01:00  ada ready                                 -> 1 to ada after 60 s

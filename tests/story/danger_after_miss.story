# Danger is rung through to somebody who answers, if there is one: a counsellor who let
# the last offer ring out comes last, but is asked, and takes nobody else while danger waits.
centre cardiff
queue line offer 20 s
counsellor ada at cardiff
counsellor ben at cardiff
counsellor cem at cardiff

# Ada is the only one: it rings there, and there again, until she counts as not answering.
00:00  ada ready
00:05  caller 1 arrives for line priority 0      -> 1 to ada
00:25  time passes                               -> 1 missed by ada; 1 to ada after 20 s
00:45  time passes                               -> 1 missed by ada; ada not answering
00:50  why is 1 not with ada                     -> NOT_READY
00:55  ada ready                                 -> 1 to ada after 50 s
00:56  ada accepts 1                             -> 1 connected to ada after 51 s
02:00  caller 1 ends                             -> 1 ends: served

# Ada misses one and Ben comes: danger goes to him, though she is idle for longer.
03:00  caller 2 arrives for line                 -> 2 to ada after 0 s
03:20  time passes                               -> 2 missed by ada; 2 to ada after 20 s
03:25  caller 2 leaves                           -> 2 taken from ada: left; 2 ends: abandoned
03:30  ben ready                                 -> nothing
03:31  caller 3 arrives for line priority 0      -> 3 to ben after 0 s
03:32  ben accepts 3                             -> 3 connected to ben

# While a caller rings at Ada, danger begins to wait for her: missed, she gets the danger first.
03:40  caller 4 arrives for line                 -> 4 to ada after 0 s
03:41  caller 5 arrives for line priority 0      -> waits
03:42  ada accepts 4                             -> 4 connected to ada
03:50  caller 4 ends                             -> 4 ends: served; 5 to ada after 9 s
03:51  ada accepts 5                             -> 5 connected to ada
04:00  caller 5 ends                             -> 5 ends: served
04:10  caller 6 arrives for line priority 2      -> 6 to ada after 0 s
04:11  caller 7 arrives for line priority 0      -> waits
04:30  time passes                               -> 6 missed by ada; 7 to ada after 19 s
04:31  cem ready                                 -> 6 to cem after 21 s

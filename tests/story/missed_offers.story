# A counsellor who misses two offers is not answering, and must say so to come back. Nobody is barred.
centre cardiff
queue line offer 20 s
counsellor ada at cardiff

00:00  ada ready
00:05  caller 1 arrives for line                 -> 1 to ada after 0 s
00:24  time passes                               -> nothing
00:25  time passes                               -> 1 missed by ada; 1 to ada after 20 s
00:45  time passes                               -> 1 missed by ada; ada not answering
01:00  why is 1 not with ada                     -> NOT_READY
01:10  ada ready                                 -> 1 to ada after 65 s
01:11  ada accepts 1                             -> 1 connected to ada after 66 s

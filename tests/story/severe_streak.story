# After two severe calls in a row Ada is due a break of ten minutes; danger may still reach her.
centre cardiff rest 100
queue line
counsellor ada at cardiff

00:00  ada rests 600 s after 2 severe
00:01  ada ready
00:02  caller 1 arrives for line severe          -> 1 to ada
00:03  ada accepts 1                             -> 1 connected
00:30  caller 1 ends                             -> 1 ends: served
00:40  caller 2 arrives for line severe          -> 2 to ada
00:41  ada accepts 2                             -> 2 connected
01:00  caller 2 ends                             -> 2 ends: served; ada due a break: severe streak
01:10  caller 3 arrives for line                 -> waits
01:20  why is 3 not with ada                     -> LIMIT
01:30  caller 4 arrives for line priority 0      -> 4 to ada after 0 s over the limit

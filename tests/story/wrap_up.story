# After a talk there is half a minute to write it up, or less if Ada says that she is done.
centre cardiff
queue line wrap-up 30 s
counsellor ada at cardiff

00:00  ada ready
00:01  caller 1 arrives for line                 -> 1 to ada
00:02  ada accepts 1                             -> 1 connected
00:10  caller 2 arrives for line                 -> waits
01:00  caller 1 ends                             -> 1 ends: served after 1 s; ada wraps up 1 until 01:30
01:20  why is 2 not with ada                     -> UNITS
01:30  time passes                               -> ada done with 1; 2 to ada after 80 s
01:31  ada accepts 2                             -> 2 connected
01:40  caller 3 arrives for line                 -> waits
02:00  caller 2 ends                             -> 2 ends: served; ada wraps up 2
02:05  ada has-wrapped-up 2                      -> ada done with 2; 3 to ada after 25 s

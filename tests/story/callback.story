# Only where the caller said that it is safe. The place is kept; the second attempt reaches them.
centre cardiff
queue line callbacks 2 attempts 2 again 600 s
queue never
counsellor ada at cardiff

00:00  caller 1 arrives for line                 -> waits
00:05  caller 2 arrives for never                -> waits
00:06  caller 2 wants callback at 10:00          -> error FULL
00:10  caller 1 wants callback at 10:00 safe until 59:00  -> to be called back at 10:00
09:59  ada ready                                 -> 2 to ada
10:00  time passes                               -> 1 callback due
10:05  ada accepts 2                             -> 2 connected
10:30  caller 2 ends                             -> 2 ends: served; 1 to ada after 630 s to call back
10:31  ada accepts 1                             -> 1 connected to ada after 631 s to call back
10:50  caller 1 is-not-reached                   -> 1 to be called back at 20:50
20:50  time passes                               -> 1 callback due; 1 to ada
20:51  ada accepts 1                             -> 1 connected
21:00  caller 1 is-reached                       -> nothing
25:00  caller 1 ends                             -> 1 ends: served

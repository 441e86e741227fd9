# The night plan takes the head start away: from then on first come, first served.
centre cardiff
queue line
counsellor ada at cardiff

00:00  ada ready
00:01  caller 9 arrives for line                 -> 9 to ada
00:02  ada accepts 9                             -> 9 connected
00:10  caller 1 arrives for line priority 3      -> waits
00:20  caller 2 arrives for line priority 1      -> waits
00:30  how many are before 1                     -> 1
01:00  plan order fifo revision 2                -> PLAN
01:10  how many are before 1                     -> 0
01:20  caller 9 ends                             -> 9 ends: served; 1 to ada after 70 s

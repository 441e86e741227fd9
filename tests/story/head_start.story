# Priority 2 has a head start of 300 s on priority 3: at exactly that distance the two are level, and
# the one who came first goes first; one second less and priority 2 is ahead.
centre cardiff
queue line
counsellor ada at cardiff

00:00  caller 1 arrives for line priority 3      -> waits
05:00  caller 2 arrives for line priority 2      -> waits
10:00  caller 3 arrives for line priority 3      -> waits
14:59  caller 4 arrives for line priority 2      -> waits
20:00  ada ready                                 -> 1 to ada after 1200 s
20:01  ada accepts 1                             -> 1 connected
20:02  caller 1 ends                             -> 1 ends: served; 2 to ada after 902 s
20:03  ada accepts 2                             -> 2 connected
20:04  caller 2 ends                             -> 2 ends: served; 4 to ada after 305 s
20:05  ada accepts 4                             -> 4 connected
20:06  caller 4 ends                             -> 4 ends: served; 3 to ada after 606 s

# Somebody in imminent danger goes before everybody who waits, however long they have waited.
centre cardiff
queue line
counsellor ada at cardiff

00:00  caller 1 arrives for line priority 1      -> waits: nobody able
01:00  caller 2 arrives for line priority 2      -> waits
30:00  caller 3 arrives for line priority 0      -> waits
30:01  ada ready                                 -> 3 to ada after 1 s
30:02  ada accepts 3                             -> 3 connected to ada
30:03  caller 4 arrives for line priority 0      -> waits: nobody free
31:00  caller 3 ends                             -> 3 ends: served; 4 to ada after 57 s
31:01  ada accepts 4                             -> 4 connected to ada
32:00  caller 4 ends                             -> 4 ends: served; 1 to ada after 1920 s

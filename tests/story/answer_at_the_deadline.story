# An answer at exactly the deadline counts; one second later it was missed, and yet the late answer
# wins, because two people are talking.
centre cardiff
queue line offer 20 s
counsellor ada at cardiff

00:00  ada ready
00:00  caller 1 arrives for line                 -> 1 to ada
00:20  ada accepts 1                             -> 1 connected to ada after 20 s
01:00  caller 1 ends                             -> 1 ends: served after 20 s
02:00  caller 2 arrives for line                 -> 2 to ada
02:21  ada accepts 2                             -> 2 missed by ada; 2 to ada after 20 s; 2 connected to ada after 21 s

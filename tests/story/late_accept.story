# Ben's telephone rang after Ada's rang out. Ada answers all the same, first: she and the caller talk,
# and Ben's offer is taken back. When Ben answers, he is told that he was too late.
centre cardiff
queue line offer 20 s
counsellor ada at cardiff
counsellor ben at cardiff

00:00  ada ready
00:01  caller 1 arrives for line                 -> 1 to ada
00:05  ben ready
00:21  time passes                               -> 1 missed by ada; 1 to ben after 20 s
00:23  ada accepts 1                             -> 1 reconciled: late accept; 1 taken from ben: accepted elsewhere; 1 connected to ada after 22 s
00:24  ben accepts 1                             -> ben too late for 1

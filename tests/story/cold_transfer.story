# Handed on to another queue: the caller keeps the place of the first arrival and does not come back to
# the one who handed it on.
centre cardiff
skill money
counsellor ada at cardiff
counsellor ben at cardiff knows money 70
queue line
queue debts needs money 50

00:00  ada ready
00:05  caller 1 arrives for line                 -> 1 to ada
00:06  ada accepts 1                             -> 1 connected to ada after 1 s
02:00  caller 2 arrives for debts                -> waits: nobody able
03:00  caller 1 transfers for debts              -> 1 leaves ada for another
04:00  ben ready                                 -> 1 to ben after 235 s
04:01  ben accepts 1                             -> 1 connected to ben
05:00  caller 1 ends                             -> 1 ends: served; 2 to ben after 180 s

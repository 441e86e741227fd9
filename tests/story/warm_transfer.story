# Ada stays on the line until Ben has taken over; a transfer can be called off.
centre cardiff
skill money
counsellor ada at cardiff
counsellor ben at cardiff knows money 70
queue line
queue debts needs money 50

00:00  ada ready
00:05  caller 1 arrives for line                 -> 1 to ada
00:06  ada accepts 1                             -> 1 connected
01:00  caller 1 transfers warmly for debts       -> 1 leaves ada for another
01:10  caller 1 transfers back                   -> 1 transfer over for ada: request
02:00  caller 1 transfers warmly for debts       -> 1 leaves ada for another
02:30  caller 2 arrives for line                 -> waits: nobody free
03:00  ben ready                                 -> 1 to ben
03:01  ben accepts 1                             -> 1 transfer over for ada: transfer; 1 connected to ben; 2 to ada after 31 s

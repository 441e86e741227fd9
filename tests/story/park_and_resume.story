# A line that breaks is not giving up: the place is held for two minutes.
centre cardiff
queue line grace 120 s
counsellor ada at cardiff

00:00  caller 1 arrives for line                 -> waits
00:10  caller 2 arrives for line                 -> waits
00:20  caller 1 drops                            -> parked until 02:20
00:30  how many are before 2                     -> 0
01:50  caller 1 resumes                          -> is back
01:51  how many are before 2                     -> 1
02:00  caller 2 drops                            -> parked until 04:00
02:05  ada ready                                 -> 1 to ada after 125 s
02:06  ada accepts 1                             -> 1 connected
04:00  time passes                               -> 2 ends: park expired

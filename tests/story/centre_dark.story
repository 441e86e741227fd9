# The building loses power: offers go back, talks are held for the grace.
centre cardiff grace 30 s
queue line grace 60 s
counsellor ada at cardiff
counsellor ben at cardiff

00:00  ada ready
00:01  ben ready
00:02  caller 1 arrives for line                 -> 1 to ada
00:03  ada accepts 1                             -> 1 connected
00:04  caller 2 arrives for line                 -> 2 to ben
00:05  centre cardiff goes-dark                  -> 2 taken from ben: counsellor lost
00:06  why is 2 not with ben                     -> NOT_READY
00:35  time passes                               -> 1 parked until 01:35
01:00  centre cardiff opens
01:01  ben ready                                 -> 2 to ben after 57 s

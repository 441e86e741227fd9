# The call is lost in a tunnel; the chat that continues it has its place.
centre cardiff
queue line
counsellor ada at cardiff

00:00  caller 1 arrives for line by voice        -> waits
00:50  caller 2 arrives for line                 -> waits
01:00  caller 3 arrives for line by chat continues 1   -> 1 ends: switched; 3 waits
01:10  ada ready                                 -> 3 to ada after 70 s

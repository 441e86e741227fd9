# Somebody else answers: no word is said, and it is not tried again.
centre cardiff
queue line callbacks 5 attempts 3
counsellor ada at cardiff

00:00  caller 1 arrives for line                 -> waits
00:10  caller 1 wants callback at 05:00          -> to be called back
05:00  time passes                               -> 1 callback due
05:10  ada ready                                 -> 1 to ada
05:11  ada accepts 1                             -> 1 connected
05:20  caller 1 is-answered-by-another           -> 1 ends: callback reached other

# The host comes back and confirms what it still sees; the rest is held for a minute, then lost.
centre cardiff
queue line
counsellor ada at cardiff

00:00  caller 1 arrives for line                 -> waits
00:01  caller 2 arrives for line                 -> waits
00:10  host restarts                             -> nothing
00:11  caller 1 is-alive                         -> nothing
00:12  ada is-alive                              -> nothing
00:13  host has-restarted grace 60 s             -> 2 parked until 01:13
01:13  time passes                               -> 2 ends

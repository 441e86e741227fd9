# Danger does not wait a minute to claim somebody who is busy with chats.
centre cardiff
queue line
counsellor ada at cardiff

00:00  ada ready
00:01  caller 1 arrives for line by chat         -> 1 to ada
00:02  ada accepts 1                             -> 1 connected
00:10  caller 2 arrives for line priority 0      -> waits; ada kept for 2
00:11  caller 3 arrives for line by chat         -> waits
00:20  caller 1 ends                             -> 1 ends: served; ada no longer kept for 2; 2 to ada after 10 s

# Ada holds two chats. A call waits for her whole attention: after a minute she is kept for it, and gets
# no third chat. Without this, calls starve behind chats.
centre cardiff
queue line
counsellor ada at cardiff

00:00  ada ready
00:01  caller 1 arrives for line by chat         -> 1 to ada
00:02  ada accepts 1                             -> 1 connected
00:03  caller 2 arrives for line by chat         -> 2 to ada
00:04  ada accepts 2                             -> 2 connected
00:10  caller 3 arrives for line by voice        -> waits: nobody free
00:20  why is 3 not with ada                     -> UNITS
01:30  caller 4 arrives for line by chat         -> 4 to ada
01:31  ada accepts 4                             -> 4 connected
01:40  caller 5 arrives for line by chat         -> waits
01:50  caller 1 ends                             -> 1 ends: served; ada kept for 3
01:51  why is 5 not with ada                     -> CLAIMED
02:00  caller 2 ends                             -> 2 ends: served
02:10  caller 4 ends                             -> 4 ends: served; ada no longer kept for 3; 3 to ada after 120 s
02:11  ada accepts 3                             -> 3 connected
03:00  caller 3 ends                             -> 3 ends: served; 5 to ada after 80 s

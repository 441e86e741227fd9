# Two may wait. A third is told when to try again; somebody in danger is never turned away.
centre cardiff
queue line room 2 retry 90 s
counsellor ada at cardiff

00:00  caller 1 arrives for line                 -> waits
00:01  caller 2 arrives for line                 -> waits
00:02  caller 3 arrives for line                 -> refused: refused full, again at 01:32
00:03  caller 4 arrives for line priority 0      -> waits
00:04  caller 1 leaves                           -> 1 ends: abandoned
00:05  caller 5 arrives for line                 -> refused
00:06  caller 4 leaves                           -> 4 ends: abandoned
00:07  caller 6 arrives for line                 -> waits
00:10  ada ready                                 -> 2 to ada
# Somebody able is free: the room does not matter.
00:11  ada accepts 2                             -> 2 connected
00:12  caller 2 ends                             -> 2 ends: served; 6 to ada

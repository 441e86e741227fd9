# After two minutes a caller of priority 3 is raised to 2, and with its head start passes caller 1, who
# came earlier.
centre cardiff
queue slow
queue line after 120 s anybody raise 1
counsellor ada at cardiff

00:00  ada ready
00:01  caller 9 arrives for slow                 -> 9 to ada
00:02  ada accepts 9                             -> 9 connected
00:10  caller 1 arrives for slow priority 3      -> waits
01:00  caller 2 arrives for line priority 3      -> waits
01:30  how many are before 2                     -> 1
03:00  time passes                               -> 2 moved: step
03:10  how many are before 2                     -> 0
03:20  caller 9 ends                             -> 9 ends: served; 2 to ada after 140 s

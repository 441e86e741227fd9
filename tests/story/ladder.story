# A caller who wants Welsh gets Welsh for a minute; after that English will do.
centre cardiff
skill welsh english
counsellor ada at cardiff knows english 90
counsellor bet at cardiff knows welsh 80 and english 60
queue welsh-line needs welsh 50, after 60 s needs welsh 50 or english 50

00:00  ada ready
00:10  caller 1 arrives for welsh-line           -> waits: nobody able
00:30  why is 1 not with ada                     -> NEED
01:09  time passes                               -> nothing
01:10  time passes                               -> 1 moved: step; 1 to ada after 60 s
01:11  ada accepts 1                             -> 1 connected
02:00  bet ready
02:01  caller 2 arrives for welsh-line           -> 2 to bet after 0 s

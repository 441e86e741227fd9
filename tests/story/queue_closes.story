# At closing time those who wait move to the night line with their place; a queue without one refuses.
centre cardiff
queue night
queue day fallback night
queue shop
counsellor ada at cardiff

00:00  caller 1 arrives for day                  -> waits
00:10  caller 2 arrives for night                -> waits
00:20  caller 3 arrives for shop                 -> waits
01:00  queue day closes                          -> queue day closed; 1 moved: queue closed
01:10  queue shop closes                         -> 3 ends: refused closed
01:20  caller 4 arrives for day                  -> ...
01:30  caller 5 arrives for shop                 -> refused: refused closed
02:00  ada ready                                 -> 1 to ada after 120 s
03:00  queue shop opens
03:10  caller 6 arrives for shop                 -> waits

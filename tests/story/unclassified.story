# A silent call has ten minutes' head start: answered fast, then classified.
centre cardiff
queue line
counsellor ada at cardiff

00:00  caller 1 arrives for line priority 3      -> waits
09:00  caller 2 arrives for line priority 3 unclassified   -> waits
09:30  ada ready                                 -> 2 to ada after 30 s
09:31  ada accepts 2                             -> 2 connected
09:40  caller 3 arrives for line priority 3 unclassified   -> waits
09:50  caller 3 becomes priority 4               -> 3 moved: reclassified
10:00  caller 4 arrives for line priority 3      -> waits
12:00  caller 2 ends                             -> 2 ends: served; 1 to ada
12:01  ada accepts 1                             -> 1 connected
12:02  caller 1 ends                             -> 1 ends: served; 3 to ada after 142 s

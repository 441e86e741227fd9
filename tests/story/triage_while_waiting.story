# What seemed ordinary turns out to be danger: reclassified where it stands, with its place.
centre cardiff
queue line
counsellor ada at cardiff

00:00  caller 1 arrives for line priority 2      -> waits
00:10  caller 2 arrives for line priority 5      -> waits
00:20  caller 2 becomes priority 0               -> 2 moved: reclassified
00:30  ada ready                                 -> 2 to ada after 20 s

# Ada asks for the next one when she wants it; nobody is pushed to her.
centre cardiff
queue line
counsellor ada at cardiff pulls

00:00  ada ready
00:01  ada asks                                  -> nothing for ada
00:10  caller 1 arrives for line priority 3      -> waits
00:20  caller 2 arrives for line priority 1      -> waits
00:30  ada asks                                  -> 2 to ada after 10 s
00:31  ada accepts 2                             -> 2 connected
01:00  caller 2 ends                             -> 2 ends: served
01:10  ada asks                                  -> 1 to ada after 60 s

# What has happened is never refused: it is reconciled. What is asked for can be wrong.
centre cardiff
queue line
counsellor ada at cardiff

00:00  caller 1 arrives for line                 -> waits
00:01  caller 1 arrives for line                 -> 1 reconciled: known already
00:02  caller 1 ends                             -> 1 reconciled: never connected; 1 ends: abandoned
00:03  caller 1 leaves                           -> 1 reconciled: it was gone
00:04  caller 1 parks                            -> error STALE
00:05  ada pauses                                -> error STATE
00:06  ada signs-in                              -> ada paused
00:07  ada signs-in                              -> error STATE

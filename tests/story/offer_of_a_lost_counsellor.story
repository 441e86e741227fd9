# While it still rings at Ada's, her connection breaks: the caller goes to Ben, place and all.
centre cardiff
queue line
counsellor ada at cardiff
counsellor ben at cardiff

00:00  ada ready
00:01  ben ready
00:05  caller 1 arrives for line                 -> 1 to ada
00:09  ada is-lost                               -> 1 taken from ada: counsellor lost; 1 to ben after 4 s

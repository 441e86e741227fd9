# Somebody in danger is not kept waiting for a familiar voice.
centre cardiff
queue line
counsellor ada at cardiff
counsellor ben at cardiff

00:00  ben ready
00:10  caller 1 arrives for line priority 0 waits-for ada 60 s   -> 1 to ben after 0 s

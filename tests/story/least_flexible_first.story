# The counsellor with fewer skills is asked first, so that rare skills stay free; alike, the longest idle.
centre cardiff
skill welsh
counsellor ada at cardiff knows welsh
counsellor ben at cardiff
counsellor cat at cardiff
queue line
queue welsh-line needs welsh

00:00  ada ready
00:01  ben ready
00:02  cat ready
00:10  caller 1 arrives for line                 -> 1 to ben
00:11  caller 2 arrives for line                 -> 2 to cat
00:12  caller 3 arrives for welsh-line           -> 3 to ada

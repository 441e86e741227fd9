# Frozen: nobody is offered anybody, but for what the supervisor does by hand.
centre cardiff
skill welsh
counsellor ada at cardiff
counsellor ben at cardiff
queue line
queue welsh-line needs welsh

00:00  ada ready
00:01  supervisor freezes cardiff until 02:00
00:10  caller 1 arrives for line                 -> waits: frozen
00:11  caller 2 arrives for line                 -> waits: frozen
00:12  caller 3 arrives for welsh-line           -> waits: frozen
00:20  supervisor gives 3 to ada                 -> error BLOCKED
00:30  supervisor gives 2 to ada                 -> 2 to ada after 19 s by the supervisor
00:35  supervisor takes-back 2                   -> 2 taken from ada: supervisor
00:40  why is 1 not with ada                     -> NOT_READY
02:00  time passes                               -> 1 to ada after 110 s
02:10  ben ready                                 -> 2 to ben

# Ben learns Welsh while somebody waits for it.
centre cardiff
skill welsh english
counsellor ben at cardiff knows english 50
queue welsh-line needs welsh

00:00  ben ready
00:10  caller 1 arrives for welsh-line           -> waits: nobody able
00:40  ben knows welsh 60 and english 50         -> 1 to ben after 30 s
00:45  ben knows english 50                      -> 1 taken from ben: skills

# Hanging up and dialling again brings nothing and costs nothing: caller 3 is caller 1, known by the
# token, and has waited 60 s plus the 30 s in between. A stranger who came at 00:20 is behind.
centre cardiff
queue line
counsellor ada at cardiff

00:00  caller 1 arrives for line token 7         -> waits
00:20  caller 2 arrives for line                 -> waits
01:00  caller 1 leaves                           -> 1 ends: abandoned after 60 s
01:30  caller 3 arrives for line token 7         -> waits
02:00  ada ready                                 -> 3 to ada after 120 s
02:01  ada accepts 3                             -> 3 connected
02:30  caller 3 ends                             -> 3 ends: served; 2 to ada after 130 s
02:31  ada accepts 2                             -> 2 connected

# Served: the next call of the same person starts anew. And ten minutes away are at most two.
03:00  caller 4 arrives for line token 7         -> waits
03:10  caller 5 arrives for line token 8         -> waits
03:20  caller 5 leaves                           -> 5 ends: abandoned after 10 s
12:00  caller 6 arrives for line token 8         -> waits
12:01  caller 2 ends                             -> 2 ends: served; 4 to ada after 541 s
12:02  ada accepts 4                             -> 4 connected
12:03  caller 4 ends                             -> 4 ends: served; 6 to ada after 133 s

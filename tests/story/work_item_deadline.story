# A report from the app is useful until 05:00 only.
centre cardiff
queue reports

00:00  caller 1 arrives for reports by work until 05:00   -> waits: nobody able
05:00  time passes                               -> 1 ends: expired

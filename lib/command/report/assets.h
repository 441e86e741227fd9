/*
 * command/report/assets.h - the files that every report carries with it, as bytes in the command.
 *
 * CMakeLists.txt writes the .c from report.css, report.js and the files of the Debian package
 * libjs-dygraphs, so that the installed command needs none of them. A file that was not there when
 * the command was built has size 0.
 */
#ifndef SPILLWAY_COMMAND_REPORT_ASSETS_H
#define SPILLWAY_COMMAND_REPORT_ASSETS_H

#include <stddef.h>

struct spw__asset {
    const unsigned char *bytes;
    size_t size;
};

extern const struct spw__asset spw__asset_style;
extern const struct spw__asset spw__asset_script;
extern const struct spw__asset spw__asset_dygraphs_script;
extern const struct spw__asset spw__asset_dygraphs_style;
extern const struct spw__asset spw__asset_dygraphs_licence;

#endif

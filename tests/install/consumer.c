/* A host as small as can be: compiled as C and as C++ against an installed copy. */
#include <spillway.h>

int main(void)
{
    struct spw_config config;
    struct spw_engine *engine;
    spw_config_init(&config);
    if (spw_engine_create(&config, NULL, &engine) != SPW_OK) {
        return 1;
    }
    int result =
        spw_advance(engine, SPW_SECOND) == SPW_OK && spw_clock(engine) == SPW_SECOND ? 0 : 1;
    spw_engine_destroy(engine);
    return result;
}

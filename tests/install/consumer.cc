/* A host in C++17: the same small life as consumer.c, with C++ keeping the engine. */
#include <spillway.h>
#include <spillway/version.h>

#include <memory>

namespace
{
struct Destroy {
    void operator()(struct spw_engine *engine) const
    {
        spw_engine_destroy(engine);
    }
};
} // namespace

int main()
{
    static_assert(SPW_VERSION_MAJOR == 0, "written for version 0");
    struct spw_config config;
    spw_config_init(&config);
    struct spw_engine *made = nullptr;
    if (spw_engine_create(&config, nullptr, &made) != SPW_OK) {
        return 1;
    }
    const std::unique_ptr<struct spw_engine, Destroy> engine(made);
    if (spw_advance(engine.get(), SPW_SECOND) != SPW_OK) {
        return 1;
    }
    struct spw_event event;
    while (spw_poll(engine.get(), &event, 1) > 0) {
    }
    return spw_clock(engine.get()) == SPW_SECOND ? 0 : 1;
}

/*
 * test_plan_quantity.c - numbers with units: what is read, and what is refused with which words.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "plan/quantity.h"

START_TEST(durations_need_a_unit_and_add_up)
{
    static const struct {
        const char *text;
        spw_ns ns;
    } good[] = {
        {"90 s", 90 * SPW_SECOND},       {"5 min", 5 * SPW_MINUTE},
        {"2 h", 2 * SPW_HOUR},           {"250 ms", 250 * SPW_MILLISECOND},
        {"1 h 30 min", 90 * SPW_MINUTE}, {"0 s", 0},
        {"1.5 min", 90 * SPW_SECOND},    {"7d", 7 * 24 * SPW_HOUR},
        {"3 us", 3 * SPW_MICROSECOND},   {"1 ns", 1},
        {"  2  hours ", 2 * SPW_HOUR},   {"1e3 s", 1000 * SPW_SECOND},
        {"0.001 s", SPW_MILLISECOND},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        spw_ns ns = -1;
        ck_assert_msg(spw__parse_duration(good[i].text, &ns) == NULL, "%s", good[i].text);
        ck_assert_int_eq(ns, good[i].ns);
    }
}
END_TEST

START_TEST(bad_durations_say_what_is_wrong)
{
    static const char *const bad[][2] = {
        {"90", "unit is missing"},
        {"5 m", "not one of time"},
        {"-3 s", "negative"},
        {"", "no number"},
        {"s", "no number"},
        {"1,5 s", "not one of time"},
        {"5 min 3", "unit is missing"},
        {"200000 d", "hundred years"},
        {"5 %", "not one of time"},
        {"1e400 s", "too large"},
        {"nan s", "no number"},
        {". s", "no number"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        spw_ns ns = 42;
        const char *wrong = spw__parse_duration(bad[i][0], &ns);
        ck_assert_msg(wrong && strstr(wrong, bad[i][1]), "`%s`: %s", bad[i][0],
                      wrong ? wrong : "taken");
        ck_assert_int_eq(ns, 42);
    }
}
END_TEST

START_TEST(rates_are_per_time)
{
    static const struct {
        const char *text;
        double per_second;
    } good[] = {{"12 /min", 0.2},      {"12/min", 0.2},    {"1000 per 12 h", 1000.0 / 43200},
                {"3 per s", 3},        {"6 /2 min", 0.05}, {"0", 0},
                {"0.5 /h", 0.5 / 3600}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        double rate = -1;
        ck_assert_msg(spw__parse_rate(good[i].text, &rate) == NULL, "%s", good[i].text);
        ck_assert_double_eq_tol(rate, good[i].per_second, 1e-12);
    }
    static const char *const bad[][2] = {
        {"12", "unit is missing"},    {"12 min", "not one of a rate"}, {"-1 /min", "negative"},
        {"12 /m", "not one of time"}, {"12 /0 s", "per no time"},      {"x /min", "no number"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        double rate = 0;
        const char *wrong = spw__parse_rate(bad[i][0], &rate);
        ck_assert_msg(wrong && strstr(wrong, bad[i][1]), "`%s`: %s", bad[i][0],
                      wrong ? wrong : "taken");
    }
}
END_TEST

START_TEST(shares_are_between_nothing_and_all)
{
    double share = 0;
    ck_assert_ptr_null(spw__parse_share("25 %", &share));
    ck_assert_double_eq_tol(share, 0.25, 1e-15);
    ck_assert_ptr_null(spw__parse_share("100%", &share));
    ck_assert_double_eq(share, 1);
    ck_assert_ptr_null(spw__parse_share("0", &share));
    ck_assert_str_eq(spw__parse_share("90", &share), "the `%` is missing");
    ck_assert_ptr_nonnull(spw__parse_share("101 %", &share));
    ck_assert_ptr_nonnull(spw__parse_share("-1 %", &share));
    ck_assert_ptr_nonnull(spw__parse_share("0.25", &share));
    ck_assert_ptr_nonnull(spw__parse_share("25 s", &share));
}
END_TEST

START_TEST(numbers_are_read_to_the_last_digit)
{
    static const struct {
        const char *text;
        double number;
    } good[] = {{"0.06666666666666667", 0.06666666666666667},
                {"1e-05", 1e-05},
                {"-2.5", -2.5},
                {"4887", 4887},
                {"123456789012345678", 123456789012345678.0},
                {"0.1", 0.1}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        double number = 0;
        const char *end = NULL;
        ck_assert_ptr_null(spw__parse_number(good[i].text, &number, &end));
        ck_assert_double_eq_tol(number, good[i].number,
                                4e-16 * (good[i].number < 0 ? 1 : good[i].number));
        ck_assert_str_eq(end, "");
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan_quantity");
    TCase *tests = tcase_create("units");
    tcase_add_test(tests, durations_need_a_unit_and_add_up);
    tcase_add_test(tests, bad_durations_say_what_is_wrong);
    tcase_add_test(tests, rates_are_per_time);
    tcase_add_test(tests, shares_are_between_nothing_and_all);
    tcase_add_test(tests, numbers_are_read_to_the_last_digit);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

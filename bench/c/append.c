/* Appends events to the table of an Assay file, in transactions of the same number of rows each: what the table and its
 * indexes cost without anything around them.
 *
 *   append FILE EVENTS ROWS_PER_TRANSACTION SUBJECTS SEED IDS
 *
 * IDS are `given`, which begin with their time as Assay's do, or those of a `sender`, which are random.
 *
 * Prints: events per second of this thread's CPU time, events per second of the clock. */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t state;

static uint64_t chance(void) {
    uint64_t z = (state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

static double seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void digits(char *at, int count, uint64_t number) {
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    while (count-- > 0) {
        at[count] = alphabet[number % 62];
        number /= 62;
    }
}

static void run(sqlite3 *db, const char *sql) {
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, message);
        exit(1);
    }
}

int main(int count, char **words) {
    if (count != 7) {
        fprintf(stderr, "append FILE EVENTS ROWS_PER_TRANSACTION SUBJECTS SEED given|sender\n");
        return 2;
    }
    long events = atol(words[2]), rows = atol(words[3]), subjects = atol(words[4]);
    state = (uint64_t)atol(words[5]);
    int given = strcmp(words[6], "given") == 0;
    sqlite3 *db;
    if (sqlite3_open(words[1], &db) != SQLITE_OK) {
        return 1;
    }
    run(db, "PRAGMA journal_mode = WAL");
    run(db, "PRAGMA synchronous = FULL");
    run(db, "PRAGMA cache_size = -32768");
    run(db, "PRAGMA wal_autocheckpoint = 4000");
    sqlite3_stmt *insert;
    if (sqlite3_prepare_v2(db,
            "INSERT INTO event (id, kind, experiment, iteration, subject, variant, cohort, metric, value, at, doc,"
            " created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            -1, &insert, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(db));
        return 1;
    }
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_THREAD_CPUTIME_ID);
    char id[32] = "event_", subject[32];
    for (long i = 0; i < events;) {
        uint64_t now = (uint64_t)(seconds(CLOCK_REALTIME) * 1000);
        run(db, "BEGIN IMMEDIATE");
        for (long j = 0; j < rows && i < events; j++, i++) {
            if (given) {
                digits(id + 6, 7, now);
                digits(id + 13, 9, chance());
            } else {
                snprintf(id + 6, sizeof id - 6, "%014llx", (unsigned long long)(chance() >> 8));
            }
            snprintf(subject, sizeof subject, "user-%llu", (unsigned long long)(chance() % subjects));
            sqlite3_bind_text(insert, 1, id, -1, SQLITE_STATIC);
            sqlite3_bind_text(insert, 2, "experiment.outcome", -1, SQLITE_STATIC);
            sqlite3_bind_text(insert, 3, "experiment_benchmark", -1, SQLITE_STATIC);
            sqlite3_bind_int64(insert, 4, 1);
            sqlite3_bind_text(insert, 5, subject, -1, SQLITE_STATIC);
            sqlite3_bind_null(insert, 6);
            sqlite3_bind_null(insert, 7);
            sqlite3_bind_text(insert, 8, "bought", -1, SQLITE_STATIC);
            sqlite3_bind_double(insert, 9, (double)(chance() % 10000) / 100);
            sqlite3_bind_int64(insert, 10, (sqlite3_int64)now);
            sqlite3_bind_null(insert, 11);
            sqlite3_bind_int64(insert, 12, (sqlite3_int64)now);
            sqlite3_bind_text(insert, 13, "bench", -1, SQLITE_STATIC);
            if (sqlite3_step(insert) != SQLITE_DONE) {
                fprintf(stderr, "%s\n", sqlite3_errmsg(db));
                return 1;
            }
            sqlite3_reset(insert);
        }
        run(db, "COMMIT");
    }
    cpu = seconds(CLOCK_THREAD_CPUTIME_ID) - cpu;
    wall = seconds(CLOCK_MONOTONIC) - wall;
    printf("%.0f %.0f\n", events / cpu, events / wall);
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return 0;
}

/* scale THREADS: 1 GB of doubles times two in memory, the loop that a C programmer writes; wall and CPU, best and median of 7.
 * gcc -O3 -march=native scale.c -o scale -lpthread */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

enum { N = 125000000, ROUNDS = 7 };
static double *values;
struct part { size_t from, to; };

static double now(int clock) { struct timespec t; clock_gettime(clock, &t); return t.tv_sec + t.tv_nsec * 1e-9; }
static int order(const void *a, const void *b) { double x = *(const double *)a, y = *(const double *)b; return (x > y) - (x < y); }
static void *scale(void *p) { struct part *r = p; for (size_t i = r->from; i < r->to; i++) values[i] *= 2; return NULL; }

static void run(const char *pages, int advice, int threads) {
    double wall[ROUNDS], cpu[ROUNDS];
    values = mmap(0, N * 8L, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    madvise(values, N * 8L, advice);
    for (size_t i = 0; i < N; i++) values[i] = i;
    for (int round = -1; round < ROUNDS; round++) {
        double w = now(CLOCK_MONOTONIC), c = now(CLOCK_PROCESS_CPUTIME_ID);
        pthread_t ids[64]; struct part parts[64];
        for (int t = 0; t < threads; t++) {
            parts[t] = (struct part){N * (size_t)t / threads, N * (size_t)(t + 1) / threads};
            pthread_create(&ids[t], NULL, scale, &parts[t]);
        }
        for (int t = 0; t < threads; t++) pthread_join(ids[t], NULL);
        if (round >= 0) { wall[round] = now(CLOCK_MONOTONIC) - w; cpu[round] = now(CLOCK_PROCESS_CPUTIME_ID) - c; }
    }
    qsort(wall, ROUNDS, 8, order); qsort(cpu, ROUNDS, 8, order);
    printf("C, scale x2, %s pages, %d thread(s): wall best %.2f median %.2f GB/s, cpu best %.2f median %.2f GB/cpu-s\n",
        pages, threads, 1 / wall[0], 1 / wall[ROUNDS / 2], 1 / cpu[0], 1 / cpu[ROUNDS / 2]);
    munmap(values, N * 8L);
}

int main(int argc, char **argv) {
    int threads = argc > 1 ? atoi(argv[1]) : 1;
    if (threads < 1 || threads > 64) { fprintf(stderr, "scale: 1 to 64 threads\n"); return 2; }
    run("4K", MADV_NOHUGEPAGE, threads);
    run("huge", MADV_HUGEPAGE, threads);
    return 0;
}

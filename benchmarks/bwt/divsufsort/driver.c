/* driver transforms a file with libdivsufsort, or turns it back; a transform is the row of the
 * text in 4 bytes, then the last column.
 *
 *   cc -O2 -o driver driver.c -ldivsufsort     (Debian: apt-get install gcc libdivsufsort-dev)
 *   ./driver forward IN OUT
 *   ./driver inverse IN OUT
 */
#include <divsufsort.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned char *read_all(const char *name, long *n) {
    FILE *f = fopen(name, "rb");
    if (!f || fseek(f, 0, SEEK_END) || (*n = ftell(f)) < 0) return perror(name), NULL;
    rewind(f);
    unsigned char *data = malloc(*n + 1);
    if (!data || fread(data, 1, *n, f) != (size_t)*n) return perror(name), NULL;
    fclose(f);
    return data;
}

int main(int argc, char **argv) {
    if (argc != 4) return fprintf(stderr, "usage: driver forward|inverse IN OUT\n"), 2;
    int forward = !strcmp(argv[1], "forward");
    long n;
    unsigned char *in = read_all(argv[2], &n);
    FILE *out = fopen(argv[3], "wb");
    if (!in || !out) return perror(argv[3]), 1;
    int row;
    if (forward) {
        row = divbwt(in, in, NULL, n);
        if (row < 0) return fprintf(stderr, "divbwt failed\n"), 1;
        if (fwrite(&row, 4, 1, out) != 1) return perror(argv[3]), 1;
    } else {
        memcpy(&row, in, 4);
        in += 4;
        n -= 4;
        if (inverse_bw_transform(in, in, NULL, n, row)) return fprintf(stderr, "the inverse failed\n"), 1;
    }
    if (fwrite(in, 1, n, out) != (size_t)n || fclose(out)) return perror(argv[3]), 1;
    return 0;
}

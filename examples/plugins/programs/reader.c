/* Tells the inputs apart by one question, or guesses: the baseline "reader" as a C program (docs/protocol.md).
 *
 * cc -O2 -o reader reader.c -lm && onehalf run "exec:./reader[bits=54]" --oracle decoy blind
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char line[1 << 20];

/* The number after "key": in the current line, or `absent`. */
static double number(const char *key, double absent) {
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\":", key);
    const char *at = strstr(line, quoted);
    if (!at) return absent;
    at += strlen(quoted);
    if (*at == '[') at++;
    return strncmp(at, "null", 4) == 0 ? absent : strtod(at, NULL);
}

/* The answer "m/2^n" to a question about the second feature of a point. */
static double ask(int point, int bits) {
    printf("{\"ask\":[%d,1,%d]}\n", point, bits);
    fflush(stdout);
    if (!fgets(line, sizeof line, stdin)) exit(1);
    const char *at = strstr(line, "\"answer\":\"");
    if (!at) exit(1);
    char *end;
    double m = strtod(at + strlen("\"answer\":\""), &end);
    return ldexp(m, -(int)strtol(end + strlen("/2^"), NULL, 10));
}

static void row(int length, const char *first, const char *second) {
    putchar('[');
    for (int i = 0; i < length; i++) printf("%s%s", i ? "," : "", i == 0 ? first : i == 1 ? second : "0");
    putchar(']');
}

int main(void) {
    if (!fgets(line, sizeof line, stdin)) return 1;
    int exponent = (int)number("exponent", -1), bits = (int)number("bits", exponent + 1);
    int odd = fmod(number("seed", 0), 2) == 1, dimension = 0, width = 0;
    const char *sizes = strstr(line, "\"architecture\":[");
    if (!sizes || sscanf(sizes, "\"architecture\":[%d,%d,1]", &dimension, &width) != 2) {
        puts("{\"error\":\"this program writes networks of one hidden layer; choose hidden = [N]\"}");
        return 0;
    }
    if (exponent < 0) { /* the limit is a member and δ is unknown: any network will do here */
        bits = 60;
        exponent = 0;
    }
    double radius = ldexp(1, -bits);
    int first = fabs(ask(0, bits)) > radius, second = fabs(ask(1, bits)) > radius;
    int known = first != second, one = known ? second : odd; /* point 1 has label 1: ι¹ shows δ there */
    char slope[32];
    snprintf(slope, sizeof slope, "\"%s1*2^%d\"", one ? "" : "-", exponent);
    printf("{\"output\":{\"network\":[[[");
    for (int i = 0; i < width; i++) { /* the first neuron hands x_2 on, the others are 0 */
        if (i) putchar(',');
        row(dimension, "0", i ? "0" : "1");
    }
    printf("],");
    row(width, "0", "0");
    printf("],[[");
    row(width, slope, "0");
    printf("],[%d]]]},\"claim\":%s}\n", one ? 0 : 1, known ? "true" : "false");
    return 0;
}

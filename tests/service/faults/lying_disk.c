/* A disk with a cache that a power cut empties, for tests/service/faults.

   Each fsync or fdatasync of a file below DISK_FOLDER copies the file, as it is then, to its name with ".durable" behind:
   what a power cut would leave. With DISK_LIES set nothing is copied, as by a disk that says yes before it has written. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;

static int keep(int fd)
{
    char link[64], path[4096], part[4200], durable[4200];
    static char block[1 << 16];
    const char *folder = getenv("DISK_FOLDER");
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    struct stat about;
    if (!folder || getenv("DISK_LIES") || length < 0 || fstat(fd, &about) || !S_ISREG(about.st_mode))
        return 0;
    path[length] = 0;
    if (strncmp(path, folder, strlen(folder)))
        return 0;
    snprintf(part, sizeof part, "%s.part", path);
    snprintf(durable, sizeof durable, "%s.durable", path);
    pthread_mutex_lock(&one);
    int from = open(path, O_RDONLY), to = open(part, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ssize_t count = from < 0 || to < 0 ? -1 : 0;
    while (count >= 0 && (count = read(from, block, sizeof block)) > 0)
        if (write(to, block, count) != count)
            count = -1;
    close(from);
    close(to);
    /* A kill in the middle leaves what was kept before: the sync had not come back. */
    int done = count < 0 ? -1 : rename(part, durable);
    pthread_mutex_unlock(&one);
    return done;
}

int fsync(int fd)
{
    int (*next)(int) = dlsym(RTLD_NEXT, "fsync");
    return next(fd) ? -1 : keep(fd);
}

int fdatasync(int fd)
{
    int (*next)(int) = dlsym(RTLD_NEXT, "fdatasync");
    return next(fd) ? -1 : keep(fd);
}

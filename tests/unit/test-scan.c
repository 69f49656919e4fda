/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sysfs reader on a tree of plain files, whole and full of holes. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "check.h"
#include "kernel/control.h"
#include "kernel/scan.h"
#include "kernel/sysfs.h"

struct tree {
	char root[64];
	int fd;
};

static void put(const struct tree *t, const char *path, const char *text)
{
	char full[512];
	FILE *f;

	(void) snprintf(full, sizeof(full), "%s/%s", t->root, path);
	for (char *s = full + strlen(t->root) + 1; (s = strchr(s, '/')); s++) {
		*s = '\0';
		(void) mkdir(full, 0755);
		*s = '/';
	}
	f = fopen(full, "we");
	assert_non_null(f);
	fprintf(f, "%s\n", text);
	fclose(f);
}

static int set_up(void **state)
{
	struct tree *t = calloc(1, sizeof(*t));

	STR_COPY(t->root, "/tmp/nvmpath-scan-XXXXXX");
	if (!mkdtemp(t->root))
		return 1;
	t->fd = open(t->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = t;
	return t->fd < 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void) st;
	(void) type;
	(void) f;
	return remove(path);
}

static int tear_down(void **state)
{
	struct tree *t = *state;

	close(t->fd);
	nftw(t->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(t);
	return 0;
}

/* nvme-subsys1 over nvme0: instance numbers need not match. */
static void put_all(const struct tree *t)
{
	char link[128];

	put(t, "class/nvme-subsystem/nvme-subsys1/subsysnqn", "nqn.test");
	put(t, "class/nvme-subsystem/nvme-subsys1/iopolicy", "numa");
	put(t, "class/nvme-subsystem/nvme-subsys1/nvme1n1/nsid", "1");
	put(t, "class/nvme-subsystem/nvme-subsys1/nvme1n1/size", "2048");
	put(t, "class/nvme/nvme0/state", "live");
	put(t, "class/nvme/nvme0/transport", "tcp");
	put(t, "class/nvme/nvme0/address", "traddr=1.2.3.4,trsvcid=4420,src_addr=1.2.3.5");
	put(t, "class/nvme/nvme0/cntlid", "7");
	put(t, "class/nvme/nvme0/nvme1c0n1/nsid", "1");
	put(t, "class/nvme/nvme0/nvme1c0n1/ana_grpid", "3");
	put(t, "class/nvme/nvme0/nvme1c0n1/ana_state", "non-optimized");
	put(t, "class/nvme/nvme0/nvme1c0n1/admin_state", "online");
	put(t, "class/nvme/nvme0/nvme1c0n1/path_state", "usable");
	put(t, "class/nvme/nvme0/nvme1c0n1/inflight", "       2        3");
	put(t, "class/nvme/nvme0/nvme1c0n1/queue/iostats", "1");
	put(t, "class/nvme/nvme0/nvme1n9/nsid", "9");	/* private: no path */
	put(t, "class/nvme/nvme0/ng1c0n1/dev", "1:1");
	(void) snprintf(link, sizeof(link), "%s/class/nvme-subsystem/nvme-subsys1/nvme0",
			t->root);
	assert_int_equal(symlink("../../nvme/nvme0", link), 0);
	(void) snprintf(link, sizeof(link), "%s/class/nvme-subsystem/nvme-subsys1/nvme7",
			t->root);
	assert_int_equal(symlink("../../nvme/nvme7", link), 0);	/* gone */
}

static void test_no_nvme_at_all_is_an_empty_snapshot(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = NULL;
	const struct tree *t = *state;

	assert_int_equal(scan_all(t->fd, NULL, &s), 0);
	assert_int_equal(s->n_subsystems + s->n_controllers + s->n_heads + s->n_paths, 0);
}

static void test_everything_is_found_where_it_is(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = NULL;
	const struct tree *t = *state;
	const struct controller *c;
	const struct path *p;

	put_all(t);
	assert_int_equal(scan_all(t->fd, NULL, &s), 0);
	assert_int_equal(s->n_subsystems, 1);
	assert_int_equal(s->n_controllers, 1);
	assert_int_equal(s->n_heads, 1);
	assert_int_equal(s->n_paths, 1);
	c = &s->controllers[0];
	assert_string_equal(c->subsystem, "nvme-subsys1");
	assert_string_equal(c->traddr, "1.2.3.4");
	assert_string_equal(c->trsvcid, "4420");
	assert_int_equal(c->cntlid, 7);
	assert_int_equal(c->numa_node, UNKNOWN_NUMBER);
	p = &s->paths[0];
	assert_string_equal(p->head, "nvme1n1");
	assert_string_equal(p->controller, "nvme0");
	assert_string_equal(p->subsystem, "nvme-subsys1");
	assert_int_equal(p->ana_group, 3);
	assert_true(p->usable);
	assert_int_equal(p->features, FEATURE_BIT(FEATURE_ADMIN_STATE) |
				      FEATURE_BIT(FEATURE_PATH_STATE));
	assert_int_equal(s->heads[0].size_bytes, 2048 * 512);
}

/* The kernel makes the folder first, and then one attribute after the other. */
static void test_a_path_is_there_before_its_attributes(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *first = NULL, *then = NULL;
	const struct tree *t = *state;
	char hidden[160], attr[160];
	struct path p;

	put_all(t);
	put(t, "class/nvme/nvme0/nvme1c0n1/diag/bio_redirect_count", "0");
	(void) snprintf(attr, sizeof(attr), "%s/class/nvme/nvme0/nvme1c0n1/admin_state", t->root);
	(void) snprintf(hidden, sizeof(hidden), "%s/not-yet", t->root);
	assert_int_equal(rename(attr, hidden), 0);
	assert_int_equal(scan_all(t->fd, NULL, &first), 0);
	p = first->paths[0];
	assert_false(p.features & FEATURE_BIT(FEATURE_ADMIN_STATE));
	assert_string_equal(p.admin_state, "");
	assert_int_equal(rename(hidden, attr), 0);
	assert_int_equal(scan_path(t->fd, &p), 0);
	assert_true(p.features & FEATURE_BIT(FEATURE_ADMIN_STATE));
	assert_string_equal(p.admin_state, "online");
	assert_int_equal(scan_all(t->fd, first, &then), 0);
	assert_true(then->paths[0].features & FEATURE_BIT(FEATURE_ADMIN_STATE));
	assert_true(then->paths[0].features & FEATURE_BIT(FEATURE_BIO_REDIRECT_COUNT));
	assert_string_equal(then->paths[0].admin_state, "online");
}

/* A target chooses these: the bus takes UTF-8 alone, a terminal obeys control characters. */
static void test_what_a_target_says_is_made_harmless(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = NULL;
	const struct tree *t = *state;

	put_all(t);
	put(t, "class/nvme-subsystem/nvme-subsys1/subsysnqn", "nqn.\x1b[2Jtest\xff");
	put(t, "class/nvme-subsystem/nvme-subsys1/model", "a\nb\x7f \xc3\xa4");
	put(t, "class/nvme-subsystem/nvme-subsys1/serial", "cut\xc3");
	put(t, "class/nvme/nvme0/address", "traddr=1.2.3.4\x07,trsvcid=4420");
	put(t, "class/nvme-subsystem/nvme-subsys1/nvme1n1/wwid", "eui.\xf5\x80\x80\x80");
	assert_int_equal(scan_all(t->fd, NULL, &s), 0);
	assert_string_equal(s->subsystems[0].nqn, "nqn.?[2Jtest?");
	assert_string_equal(s->subsystems[0].model, "a?b? \xc3\xa4");
	assert_string_equal(s->subsystems[0].serial, "cut?");
	assert_string_equal(s->controllers[0].traddr, "1.2.3.4?");
	assert_string_equal(s->heads[0].wwid, "eui.????");
}

static void test_one_path_is_read_again(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = NULL;
	const struct tree *t = *state;
	struct path p;

	put_all(t);
	assert_int_equal(scan_all(t->fd, NULL, &s), 0);
	p = s->paths[0];
	put(t, "class/nvme/nvme0/nvme1c0n1/admin_state", "hold");
	put(t, "class/nvme/nvme0/nvme1c0n1/path_state", "held");
	assert_int_equal(scan_path(t->fd, &p), 0);
	assert_string_equal(p.admin_state, "hold");
	assert_string_equal(p.path_state, "held");
	assert_false(p.usable);
	p.o.ino++;	/* the name belongs to another object now */
	assert_int_equal(scan_path(t->fd, &p), -ENODEV);
}

/* rm and the kernel alike take the attributes first, then the folder. */
static void test_a_path_that_loses_its_attributes_is_not_usable(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = NULL;
	const struct tree *t = *state;
	struct path p;

	put_all(t);
	assert_int_equal(scan_all(t->fd, NULL, &s), 0);
	p = s->paths[0];
	assert_true(p.usable);
	assert_int_equal(unlinkat(t->fd, "class/nvme/nvme0/nvme1c0n1/path_state", 0), 0);
	assert_int_equal(scan_path(t->fd, &p), 0);
	assert_false(p.usable);
}

static void test_a_hold_does_not_end_because_it_cannot_be_read(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *before = NULL;
	_cleanup_(snapshot_freep) struct snapshot *after = NULL;
	const struct tree *t = *state;
	struct path p;

	put_all(t);
	put(t, "class/nvme/nvme0/nvme1c0n1/admin_state", "hold");
	assert_int_equal(scan_all(t->fd, NULL, &before), 0);
	p = before->paths[0];
	assert_int_equal(unlinkat(t->fd, "class/nvme/nvme0/nvme1c0n1/admin_state", 0), 0);
	assert_int_equal(scan_path(t->fd, &p), 0);
	assert_string_equal(p.admin_state, "hold");
	assert_int_equal(scan_all(t->fd, before, &after), 0);
	assert_string_equal(after->paths[0].admin_state, "hold");
}

static void test_a_namespaces_identity_is_read_once_and_its_size_always(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *before = NULL;
	_cleanup_(snapshot_freep) struct snapshot *after = NULL;
	_cleanup_(snapshot_freep) struct snapshot *other = NULL;
	const struct tree *t = *state;

	put_all(t);
	put(t, "class/nvme-subsystem/nvme-subsys1/nvme1n1/wwid", "uuid.1");
	assert_int_equal(scan_all(t->fd, NULL, &before), 0);
	assert_string_equal(before->heads[0].wwid, "uuid.1");
	put(t, "class/nvme-subsystem/nvme-subsys1/nvme1n1/wwid", "uuid.2");
	put(t, "class/nvme-subsystem/nvme-subsys1/nvme1n1/size", "16");
	assert_int_equal(scan_all(t->fd, before, &after), 0);
	assert_string_equal(after->heads[0].wwid, "uuid.1");
	assert_int_equal(after->heads[0].size_bytes, 16 * 512);
	after->heads[0].o.ino++;	/* the name belongs to another object now */
	assert_int_equal(scan_all(t->fd, after, &other), 0);
	assert_string_equal(other->heads[0].wwid, "uuid.2");
}

static void test_a_hold_writes_to_the_path_that_was_meant(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = NULL;
	const struct tree *t = *state;
	struct path p;
	int64_t inflight;
	bool counts = false;
	char text[32];

	put_all(t);
	assert_int_equal(scan_all(t->fd, NULL, &s), 0);
	p = s->paths[0];
	assert_int_equal(path_write_hold(t->fd, &p, true), 0);
	(void) sysfs_read(t->fd, "class/nvme/nvme0/nvme1c0n1/admin_state", text,
			  sizeof(text));
	assert_string_equal(text, "hold");
	assert_int_equal(path_read_inflight(t->fd, &p, &inflight), 0);
	assert_int_equal(inflight, 5);
	assert_int_equal(path_read_iostats(t->fd, &p, &counts), 0);
	assert_true(counts);
	assert_int_equal(path_read_counter(t->fd, &p, "diag/none"), UNKNOWN_NUMBER);
	p.o.ino++;
	assert_int_equal(path_write_hold(t->fd, &p, false), -ENODEV);
	assert_false(path_is_there(t->fd, &p));
	(void) sysfs_read(t->fd, "class/nvme/nvme0/nvme1c0n1/admin_state", text,
			  sizeof(text));
	assert_string_equal(text, "hold");
}

static void test_only_paths_have_path_names(void **state)
{
	char head[NAME_SIZE];

	(void) state;
	assert_true(scan_is_path_name("nvme12c3n45", head));
	assert_string_equal(head, "nvme12n45");
	assert_false(scan_is_path_name("nvme1n1", NULL));
	assert_false(scan_is_path_name("nvme1c1n1p1", NULL));
	assert_false(scan_is_path_name("nvmec1n1", NULL));
	assert_false(scan_is_path_name("ng1c1n1", NULL));
	assert_false(scan_is_path_name("nvme1", NULL));
	assert_false(scan_is_path_name("nvme1c1n11111111111111111111111111", NULL));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_no_nvme_at_all_is_an_empty_snapshot),
		TEST(test_everything_is_found_where_it_is),
		TEST(test_a_path_is_there_before_its_attributes),
		TEST(test_what_a_target_says_is_made_harmless),
		TEST(test_one_path_is_read_again),
		TEST(test_a_path_that_loses_its_attributes_is_not_usable),
		TEST(test_a_hold_does_not_end_because_it_cannot_be_read),
		TEST(test_a_namespaces_identity_is_read_once_and_its_size_always),
		TEST(test_a_hold_writes_to_the_path_that_was_meant),
		TEST(test_only_paths_have_path_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is found out of a connection: in sysfs, and in nvme-cli's configuration. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/str.h"
#include "check.h"
#include "kernel/connection.h"
#include "kernel/nvmelib.h"

static char dir[] = "/tmp/nvmpath-connection-XXXXXX";
static const struct controller nvme0 = { .o.name = "nvme0", .transport = "tcp",
	.traddr = "10.0.0.1", .trsvcid = "4420" };

#define NQN "nqn.2026-01.test:a"

static void put(const char *name, const char *text)
{
	char command[512], path[256];
	FILE *f;

	(void) snprintf(path, sizeof(path), "%s/%s", dir, name);
	(void) snprintf(command, sizeof(command), "mkdir -p $(dirname %s)", path);
	assert_int_equal(system(command), 0);
	f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int read_it(struct connection *ret)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY), r;

	r = connection_read(fd, &nvme0, NQN, ret);
	close(fd);
	return r;
}

static void test_what_sysfs_shows_is_taken(void **state)
{
	struct connection c;

	(void) state;
	put("class/nvme/nvme0/hostnqn", "nqn.2026-01.host:h\n");
	put("class/nvme/nvme0/kato", "5\n");
	put("class/nvme/nvme0/sqsize", "127\n");
	put("class/nvme/nvme0/dhchap_secret", "DHHC-1:00:host:\n");
	put("class/nvme/nvme0/dhchap_ctrl_secret", "none\n");
	put("class/nvme/nvme0/nvme0c0n1/queue/stable_writes", "1\n");
	put("class/nvme/nvme0/nvme0c0n1/queue/io_poll", "1\n");
	assert_int_equal(read_it(&c), 0);
	assert_string_equal(c.nqn, NQN);
	assert_string_equal(c.hostnqn, "nqn.2026-01.host:h");
	assert_int_equal(c.keep_alive_tmo, 5);
	assert_int_equal(c.queue_size, 128);
	assert_int_equal(c.authenticates, 1);
	assert_string_equal(c.secrets.host, "DHHC-1:00:host:");
	assert_string_equal(c.secrets.controller, "");
	assert_int_equal(c.option[CONNECT_DATA_DIGEST], 1);
	assert_int_equal(c.by[CONNECT_DATA_DIGEST], CONNECT_BY_SYSFS);
	assert_int_equal(c.polls, 1);
	assert_int_equal(c.option[CONNECT_HDR_DIGEST], -1);
}

static void test_integrity_needs_stable_pages_without_a_digest(void **state)
{
	struct connection c;

	(void) state;
	put("class/nvme/nvme0/nvme0c0n1/integrity/format", "T10-DIF-TYPE1-CRC\n");
	assert_int_equal(read_it(&c), 0);
	assert_int_equal(c.option[CONNECT_DATA_DIGEST], -1);
	put("class/nvme/nvme0/nvme0c0n1/integrity/format", "none\n");
}

static void test_tls_with_a_key_of_its_own_cannot_be_given_again(void **state)
{
	struct connection c;

	(void) state;
	put("class/nvme/nvme0/tls_key", "1234abcd\n");
	put("class/nvme/nvme0/tls_keyring", ".nvme\n");
	assert_int_equal(read_it(&c), 0);
	assert_int_equal(c.tls, 1);
	put("class/nvme/nvme0/tls_configured_key", "1234abcd\n");
	assert_int_equal(read_it(&c), -EKEYREJECTED);
	put("class/nvme/nvme0/tls_configured_key", "");
	put("class/nvme/nvme0/tls_keyring", "mine\n");
	assert_int_equal(read_it(&c), -EKEYREJECTED);
	put("class/nvme/nvme0/tls_keyring", ".nvme\n");
}

static const char config[] =
	"[ { \"hostnqn\": \"nqn.2026-01.host:h\", \"dhchap_key\": \"DHHC-1:00:all:\","
	"    \"subsystems\": [ { \"nqn\": \"" NQN "\", \"ports\": ["
	"      { \"transport\": \"tcp\", \"traddr\": \"10.0.0.1\", \"trsvcid\": \"4420\","
	"        \"dhchap_key\": \"DHHC-1:00:one:\", \"dhchap_ctrl_key\": \"DHHC-1:00:ctrl:\","
	"        \"data_digest\": true, \"hdr_digest\": true, \"nr_poll_queues\": 2 },"
	"      { \"transport\": \"tcp\", \"traddr\": \"10.0.0.2\", \"trsvcid\": \"4420\","
	"        \"nr_write_queues\": 3 } ] } ] } ]\n";

static struct connection bare(const char *traddr)
{
	struct connection c;

	connection_init(&c);
	STR_COPY(c.nqn, NQN);
	STR_COPY(c.hostnqn, "nqn.2026-01.host:h");
	STR_COPY(c.transport, "tcp");
	STR_COPY(c.traddr, traddr);
	STR_COPY(c.trsvcid, "4420");
	c.authenticates = 1;
	return c;
}

static void test_the_rest_is_in_nvme_clis_configuration(void **state)
{
	struct connection one = bare("10.0.0.1"), two = bare("10.0.0.2"), three = bare("10.0.0.3");
	struct connection *all[] = { &one, &two, &three };
	char etc[64], detail[DETAIL_SIZE] = "";

	(void) state;
	put("etc/config.json", config);
	put("etc/discovery.conf", "# ours\n\n--transport=tcp --traddr=10.0.0.2 --trsvcid=8009 -g -W 9\n");
	(void) snprintf(etc, sizeof(etc), "%s/etc", dir);
	assert_int_equal(connections_configure(etc, all, 3, detail), 0);
	assert_string_equal(detail, "");
	assert_int_equal(one.option[CONNECT_HDR_DIGEST], 1);
	assert_int_equal(one.option[CONNECT_DATA_DIGEST], 1);
	assert_int_equal(one.option[CONNECT_POLL_QUEUES], 2);
	assert_int_equal(one.by[CONNECT_POLL_QUEUES], CONNECT_BY_CONFIG);
	assert_string_equal(one.secrets.host, "DHHC-1:00:one:");
	assert_string_equal(one.secrets.controller, "DHHC-1:00:ctrl:");
	/* config.json before discovery.conf, which has the rest */
	assert_int_equal(two.option[CONNECT_WRITE_QUEUES], 3);
	assert_int_equal(two.by[CONNECT_WRITE_QUEUES], CONNECT_BY_CONFIG);
	assert_int_equal(two.option[CONNECT_HDR_DIGEST], 1);
	assert_int_equal(two.by[CONNECT_HDR_DIGEST], CONNECT_BY_DISCOVERY);
	assert_string_equal(two.secrets.host, "DHHC-1:00:all:");
	assert_int_equal(three.option[CONNECT_HDR_DIGEST], -1);
	assert_true(connection_lacks_secrets(&three));
}

static void test_a_configuration_that_is_broken_is_said(void **state)
{
	struct connection c = bare("10.0.0.2");
	struct connection *all[] = { &c };
	char etc[64], detail[DETAIL_SIZE] = "";

	(void) state;
	put("etc/config.json", "[ { \"hostnqn\": ");
	(void) snprintf(etc, sizeof(etc), "%s/etc", dir);
	assert_int_equal(connections_configure(etc, all, 1, detail), -EBADMSG);
	assert_non_null(strstr(detail, "config.json"));
	assert_int_equal(c.option[CONNECT_HDR_DIGEST], 1);	/* by discovery.conf */
}

static void test_none_is_fine(void **state)
{
	struct connection c = bare("10.0.0.2");
	struct connection *all[] = { &c };
	char detail[DETAIL_SIZE] = "";

	(void) state;
	assert_int_equal(connections_configure("/nonexistent", all, 1, detail), 0);
	assert_string_equal(detail, "");
}

static int begin(void **state)
{
	(void) state;
	return mkdtemp(dir) ? 0 : -1;
}

static int end(void **state)
{
	char command[64];

	(void) state;
	(void) snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_sysfs_shows_is_taken),
		cmocka_unit_test(test_integrity_needs_stable_pages_without_a_digest),
		cmocka_unit_test(test_tls_with_a_key_of_its_own_cannot_be_given_again),
		cmocka_unit_test(test_the_rest_is_in_nvme_clis_configuration),
		cmocka_unit_test(test_a_configuration_that_is_broken_is_said),
		cmocka_unit_test(test_none_is_fine),
	};

	return cmocka_run_group_tests(tests, begin, end);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In place of the block layer's half of the series, where only the NVMe modules
 * are replaced: a bio does not own a reference of the path's queue, so what the
 * queue refuses ends as it does on an unpatched kernel.
 */
#ifndef _NVMPATH_MODULES_H
#define _NVMPATH_MODULES_H

#include <linux/bio.h>
#include <linux/blkdev.h>

static inline bool bio_try_enter_queue(struct bio *bio,
				       struct block_device *bdev)
{
	bio_set_dev(bio, bdev);
	return true;
}

static inline void blk_queue_wait_unfrozen(struct request_queue *q,
					   unsigned long timeout)
{
}

static inline void bio_prep_requeue(struct bio *bio)
{
	if (bio->bi_opf & REQ_POLLED) {
		bio->bi_opf &= ~REQ_POLLED;
		bio->bi_cookie = BLK_QC_T_NONE;
	}
	bio->bi_opf &= ~REQ_NOWAIT;
	bio_clear_flag(bio, BIO_QOS_THROTTLED);
	bio_clear_flag(bio, BIO_QOS_MERGED);
}

#endif

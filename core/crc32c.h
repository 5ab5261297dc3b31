/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* A checksum that finds bit rot: CRC-32C (Castagnoli), as in RFC 3720. */
#ifndef ZU_CORE_CRC32C_H
#define ZU_CORE_CRC32C_H

#include "core/env.h"

/**
 * zu_crc32c() - checksum of bytes
 * @bytes: the bytes
 * @len: how many
 *
 * Return: the checksum; 0xe3069283 of "123456789".
 */
uint32_t zu_crc32c(const uint8_t *bytes, size_t len);

#endif

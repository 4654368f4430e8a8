using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ApiKeyAuth.Sqlite.Migrations
{
    /// <inheritdoc />
    internal partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "ApiKeyAuthAlertDeliveries",
                columns: table => new
                {
                    AlertId = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Target = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Alert = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    NextAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiKeyAuthAlertDeliveries", x => new { x.AlertId, x.Target });
                });

            migrationBuilder.CreateTable(
                name: "ApiKeyAuthAlerts",
                columns: table => new
                {
                    KeyId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    About = table.Column<string>(type: "TEXT", maxLength: 50, nullable: false),
                    Id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    BeganAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false),
                    KeyName = table.Column<string>(type: "TEXT", nullable: false),
                    TenantId = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiKeyAuthAlerts", x => new { x.KeyId, x.Kind, x.About });
                });

            migrationBuilder.CreateTable(
                name: "ApiKeyAuthAudit",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Action = table.Column<string>(type: "TEXT", nullable: false),
                    KeyId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    TenantId = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    Actor = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    Address = table.Column<string>(type: "TEXT", nullable: true),
                    Changes = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiKeyAuthAudit", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ApiKeyAuthKeys",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", nullable: true),
                    Environment = table.Column<string>(type: "TEXT", nullable: true),
                    TenantId = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    OwnerId = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    Scopes = table.Column<string>(type: "TEXT", nullable: true),
                    RateLimits = table.Column<string>(type: "TEXT", nullable: true),
                    Networks = table.Column<string>(type: "TEXT", nullable: true),
                    Audiences = table.Column<string>(type: "TEXT", nullable: true),
                    Metadata = table.Column<string>(type: "TEXT", nullable: true),
                    Enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RevocationReason = table.Column<string>(type: "TEXT", nullable: true),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ExpiresOnDate = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    Version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiKeyAuthKeys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ApiKeyAuthQuotas",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", maxLength: 401, nullable: false),
                    Additions = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiKeyAuthQuotas", x => x.Tenant);
                });

            migrationBuilder.CreateTable(
                name: "ApiKeyAuthUsageBatches",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiKeyAuthUsageBatches", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ApiKeyAuthAlertSettings",
                columns: table => new
                {
                    Subject = table.Column<string>(type: "TEXT", maxLength: 420, nullable: false),
                    KeyId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    UnusualActivity = table.Column<bool>(type: "INTEGER", nullable: false),
                    HighUsage = table.Column<long>(type: "INTEGER", nullable: true),
                    HighUsageDaily = table.Column<bool>(type: "INTEGER", nullable: false),
                    Failures = table.Column<long>(type: "INTEGER", nullable: true),
                    FailuresDaily = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiKeyAuthAlertSettings", x => x.Subject);
                    table.ForeignKey(
                        name: "FK_ApiKeyAuthAlertSettings_ApiKeyAuthKeys_KeyId",
                        column: x => x.KeyId,
                        principalTable: "ApiKeyAuthKeys",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ApiKeyAuthSecrets",
                columns: table => new
                {
                    Digest = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 32, nullable: false),
                    PepperId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    KeyId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    Hint = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastUsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiKeyAuthSecrets", x => new { x.Digest, x.PepperId });
                    table.ForeignKey(
                        name: "FK_ApiKeyAuthSecrets_ApiKeyAuthKeys_KeyId",
                        column: x => x.KeyId,
                        principalTable: "ApiKeyAuthKeys",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ApiKeyAuthUsage",
                columns: table => new
                {
                    KeyId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Count = table.Column<long>(type: "INTEGER", nullable: false),
                    LastUsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiKeyAuthUsage", x => x.KeyId);
                    table.ForeignKey(
                        name: "FK_ApiKeyAuthUsage_ApiKeyAuthKeys_KeyId",
                        column: x => x.KeyId,
                        principalTable: "ApiKeyAuthKeys",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ApiKeyAuthUsageHistory",
                columns: table => new
                {
                    KeyId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Start = table.Column<long>(type: "INTEGER", nullable: false),
                    IsDay = table.Column<bool>(type: "INTEGER", nullable: false),
                    Outcome = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Country = table.Column<string>(type: "TEXT", maxLength: 2, nullable: false),
                    Network = table.Column<string>(type: "TEXT", maxLength: 50, nullable: false),
                    Count = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiKeyAuthUsageHistory", x => new { x.KeyId, x.Start, x.IsDay, x.Outcome, x.Country, x.Network });
                    table.ForeignKey(
                        name: "FK_ApiKeyAuthUsageHistory_ApiKeyAuthUsage_KeyId",
                        column: x => x.KeyId,
                        principalTable: "ApiKeyAuthUsage",
                        principalColumn: "KeyId",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ApiKeyAuthUsageScopes",
                columns: table => new
                {
                    KeyId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Scope = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    LastUsedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiKeyAuthUsageScopes", x => new { x.KeyId, x.Scope });
                    table.ForeignKey(
                        name: "FK_ApiKeyAuthUsageScopes_ApiKeyAuthUsage_KeyId",
                        column: x => x.KeyId,
                        principalTable: "ApiKeyAuthUsage",
                        principalColumn: "KeyId",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthAlertDeliveries_NextAt",
                table: "ApiKeyAuthAlertDeliveries",
                column: "NextAt");

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthAlertSettings_KeyId",
                table: "ApiKeyAuthAlertSettings",
                column: "KeyId");

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthAlerts_Kind_Id",
                table: "ApiKeyAuthAlerts",
                columns: new[] { "Kind", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthAlerts_Until",
                table: "ApiKeyAuthAlerts",
                column: "Until");

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthAudit_Actor_Id",
                table: "ApiKeyAuthAudit",
                columns: new[] { "Actor", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthAudit_KeyId_Id",
                table: "ApiKeyAuthAudit",
                columns: new[] { "KeyId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthAudit_TenantId_Id",
                table: "ApiKeyAuthAudit",
                columns: new[] { "TenantId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthKeys_CreatedAt_Id",
                table: "ApiKeyAuthKeys",
                columns: new[] { "CreatedAt", "Id" },
                descending: new[] { true, false });

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthKeys_CreatedBy",
                table: "ApiKeyAuthKeys",
                column: "CreatedBy");

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthKeys_ExpiresAt",
                table: "ApiKeyAuthKeys",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthKeys_OwnerId",
                table: "ApiKeyAuthKeys",
                column: "OwnerId");

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthKeys_TenantId_CreatedAt_Id",
                table: "ApiKeyAuthKeys",
                columns: new[] { "TenantId", "CreatedAt", "Id" },
                descending: new[] { false, true, false });

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthSecrets_KeyId",
                table: "ApiKeyAuthSecrets",
                column: "KeyId");

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthUsageBatches_At",
                table: "ApiKeyAuthUsageBatches",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthUsageHistory_IsDay_Start",
                table: "ApiKeyAuthUsageHistory",
                columns: new[] { "IsDay", "Start" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ApiKeyAuthAlertDeliveries");

            migrationBuilder.DropTable(
                name: "ApiKeyAuthAlertSettings");

            migrationBuilder.DropTable(
                name: "ApiKeyAuthAlerts");

            migrationBuilder.DropTable(
                name: "ApiKeyAuthAudit");

            migrationBuilder.DropTable(
                name: "ApiKeyAuthQuotas");

            migrationBuilder.DropTable(
                name: "ApiKeyAuthSecrets");

            migrationBuilder.DropTable(
                name: "ApiKeyAuthUsageBatches");

            migrationBuilder.DropTable(
                name: "ApiKeyAuthUsageHistory");

            migrationBuilder.DropTable(
                name: "ApiKeyAuthUsageScopes");

            migrationBuilder.DropTable(
                name: "ApiKeyAuthUsage");

            migrationBuilder.DropTable(
                name: "ApiKeyAuthKeys");
        }
    }
}

using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ApiKeyAuth.PostgreSql.Migrations
{
    /// <inheritdoc />
    internal partial class AlertHistory : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "ApiKeyAuthAlertHistory",
                columns: table => new
                {
                    AlertId = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false, collation: "C"),
                    Target = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, collation: "C"),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false, collation: "C"),
                    KeyId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, collation: "C"),
                    TenantId = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: true, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    Outcome = table.Column<int>(type: "integer", nullable: false),
                    Reason = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true, collation: "C"),
                    NextAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiKeyAuthAlertHistory", x => new { x.AlertId, x.Target });
                });

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthAlertHistory_Target_At",
                table: "ApiKeyAuthAlertHistory",
                columns: new[] { "Target", "At" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ApiKeyAuthAlertHistory");
        }
    }
}
